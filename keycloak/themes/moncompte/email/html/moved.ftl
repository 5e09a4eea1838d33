<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph><#if what == "renamed">${msg("movedRenamed")}<#elseif what == "left">${msg("movedLeft")}<#else>${msg("movedCame")}</#if></@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.fact label=msg("identifierLabel") value=identifier/>
<#if newIdentifier?has_content>
<@layout.fact label=msg("movedNewIdentifier") value=newIdentifier/>
</#if>
<#if contracts?has_content>
<@layout.paragraph>${msg("movedContracts")}<#list contracts as contract><br><strong>${contract.reference}</strong> (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if></#list></@layout.paragraph>
</#if>
<@layout.paragraph><strong>${msg("movedQuestion")}</strong><#if agencyPhone?has_content><br>${msg("phoneLabel")} ${agencyPhone}</#if><#if agencyEmail?has_content><br>${msg("emailLabel")} ${agencyEmail}</#if></@layout.paragraph>
</@layout.emailLayout>
