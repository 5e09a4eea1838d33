<#-- Behind the mail that says an agency wants contracts back: its button says no. Nothing happens before it is pressed. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("releaseTitle")}
<#elseif section == "form">
<p>${msg("releaseIntro")}</p>
<div class="facts">
  <#if (agency.name)?has_content><@parts.fact label=msg("yourAgency") value=agency.name/></#if>
  <@parts.fact label=msg("yourIdentifier") value=identifier/>
  <@parts.fact label=msg("releaseDue") value=due/>
</div>
<#if contracts?has_content>
<p id="release-contracts">${msg("releaseContracts")}</p>
<ul aria-labelledby="release-contracts">
  <#list contracts as contract>
  <li><strong class="typed">${contract.reference}</strong> (${contract.role})<#if contract.address?has_content>, <span class="typed">${contract.address}</span></#if></li>
  </#list>
</ul>
</#if>
<form id="release-form" action="${screen.action}" method="post">
  <@parts.button label=msg("releaseButton")/>
</form>
<p class="question">${msg("releaseYou")}</p>
</#if>
</@layout.registrationLayout>
