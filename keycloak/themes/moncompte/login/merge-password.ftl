<#-- S8: the password of the account that stays, the second proof of a merge. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["password"]; section>
<#if section == "header">
${msg("mergeSubtitle")}
<#elseif section == "form">
<p>${msg("mergePasswordIntro")} <strong class="typed">${address}</strong></p>
<p>${msg("mergePasswordExplain")}</p>
<#if identifier??>
<div class="facts">
  <#if (agency.name)?has_content><@parts.fact label=msg("yourAgency") value=agency.name/></#if>
  <@parts.fact label=msg("yourIdentifier") value=identifier/>
</div>
</#if>
<form id="merge-password-form" action="${screen.action}" method="post" novalidate>
  <@parts.accountOfPassword address=address/>
  <@parts.password name="password" label=msg("loginPassword") autocomplete="current-password"/>
  <#if (screen.links.forgotten)??><p class="aside"><a href="${screen.links.forgotten}">${msg("loginForgotten")}</a></p></#if>
  <@parts.button label=msg("continueButton")/>
</form>
<#if identifier??><p class="question">${msg("mergeNotYou")}</p></#if>
<@parts.question text=msg("mergeOtherQuestion") link=msg("mergeOtherLink") href=(screen.links.merge)!""/>
</#if>
</@layout.registrationLayout>
