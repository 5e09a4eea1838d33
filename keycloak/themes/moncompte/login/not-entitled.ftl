<#-- The application is for owners of some agencies, and whoever is signed in has no contract with any of them. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("notEntitledTitle")}
<#elseif section == "form">
<p>${msg("notEntitledApplication")} <strong class="typed">${application!}</strong></p>
<#if agencies?has_content>
<p>${msg("notEntitledAgencies")}</p>
<ul>
  <#list agencies as agency>
  <li class="typed">${agency}</li>
  </#list>
</ul>
</#if>
<p>${msg("notEntitledAccount")} <strong class="typed">${account}</strong></p>
<p>${msg("notEntitledNext")}</p>
<form id="not-entitled-form" action="${url.loginAction}" method="post">
  <@parts.button label=msg("backToApplication")/>
</form>
<@parts.question text=msg("loginNotYou") link=msg("restartLoginTooltip") href=url.loginRestartFlowUrl/>
</#if>
</@layout.registrationLayout>
